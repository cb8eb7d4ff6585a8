FROM alpine
ONBUILD RUN echo a  b
ONBUILD COPY ["a", "b"]
onbuild env A=1 B=2
ONBUILD   HEALTHCHECK --interval=1s CMD x
ONBUILD RUN <<EOF
x
EOF
ONBUILD
ONBUILD unknown thing
