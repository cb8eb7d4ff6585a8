# check=experimental=InvalidDefinitionDescription
FROM alpine AS build
# foo this is
ARG bar=1
# wrong build
FROM build AS x
