FROM alpine
RUN echo one \
# comment inside
    two \

    three \   
    four
RUN echo \\
RUN echo a\\ \
 b
COPY \
  a \
  b \
  /dst/
