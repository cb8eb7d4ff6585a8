# check=skip=MaintainerDeprecated
FROM alpine
MAINTAINER x
