FROM alpine
CMD ["a", "b c", "d\"e", "f\\g", "\u0041"]
ENTRYPOINT   [ "x" ]  
RUN []
CMD [ 'single', 'quotes' ]
RUN ["unterminated
VOLUME ["/a", "/b"]
COPY ["a b", "c", "/d/"]
SHELL ["/bin/sh","-c"]
CMD ["a","b",]
