FROM alpine
SHELL ["/bin/bash","-c"]
CMD echo x
