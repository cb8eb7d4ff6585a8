//! Build checks (being added, one file a rule).
