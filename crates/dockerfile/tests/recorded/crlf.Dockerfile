FROM alpine
RUN echo a \
  && echo b
RUN <<E
line
E
COPY a b
