# A clock that goes until somebody stops it.
trap 'echo "stopped by hand" >> clock.log; exit 130' INT
echo "started" > clock.log
while true; do
    date +%T
    sleep 1
done
