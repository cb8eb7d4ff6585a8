ARG A
ARG B=1 C D="x y"
FROM ${A:-alpine}:${B}
ARG E='single'
ARG F=$B
ARG G=a\ b
