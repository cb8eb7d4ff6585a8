//! `docker build` without its connection: the context, and progress as text.
