FROM alpine
RUN echo "<<EOF" 'x <<Y' \<<Z
RUN cat <<<word
RUN echo 1 << EOF
RUN ["sh", "-c", "cat <<EOF"]
ENV X=<<EOF
RUN echo $((1<<2))
