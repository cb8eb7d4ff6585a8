FROM alpine
RUN <<EOF
set -e
echo "a $HOME"
	indented
EOF
RUN <<-EOF
		one
	two
	EOF
RUN <<'EOF' bash -s
no $expansion \
EOF
RUN cat <<A <<B
in a
A
in b
B
COPY <<index.html <<"app.conf" /srv/
<h1>${TITLE}</h1>
index.html
$literal
app.conf
ADD --chmod=644 <<-E /etc/motd
	hello
E
RUN python3 <<EOF > /out && 3<<X cat
print(1)
EOF
three
X
