#comment
FROM alpine # not a comment
# c
   # indented
RUN echo a # stays
#RUN b
RUN echo \# c
RUN a \
  # indented comment inside
#no indentation
  b
