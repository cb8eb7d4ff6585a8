FROM --platform=linux/arm64 alpine
RUN --mount=type=secret,id=x --network=none --security=sandbox echo "--not a flag"
COPY --from=0 --chown="a b" --chmod=755 --link --parents a b
ADD --keep-git-dir=true --checksum=sha256:00 https://x/y /z
RUN -- --after
RUN --
COPY --x\ y a b
HEALTHCHECK --interval=1s --start-period=2m NONE
RUN --mount=type=bind,source='a b',target=/x true
