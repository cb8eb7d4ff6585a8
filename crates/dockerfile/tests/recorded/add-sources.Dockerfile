FROM alpine
ADD https://example.com/a.tar.gz /x/
ADD git@github.com:moby/buildkit.git#v0.14.1:docs /docs
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://x.example/y /
ADD ["a b.tar", "/"]
ADD *.tar dir[0-9]? /
