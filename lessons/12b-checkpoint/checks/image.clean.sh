need_built counter:1.0
dir=$(docker image inspect --format '{{.Config.WorkingDir}}' counter:1.0)
! file_of counter:1.0 "${dir%/}/counter.env" >/dev/null || missing "{counter.env} steckt im Image, in {${dir:-/}}" "{counter.env} is in the image, in {${dir:-/}}"
found=$(docker run --rm --entrypoint find counter:1.0 / -xdev -name counter.env 2>/dev/null | head -n 1)
[ -z "$found" ] || missing "{counter.env} steckt im Image: {$found}" "{counter.env} is in the image: {$found}"
