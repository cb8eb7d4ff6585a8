FROM alpine
RUN echo grün ☃
LABEL a="ü b"
COPY ä ö
