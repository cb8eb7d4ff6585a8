# open: stopped
sh clock.sh > /dev/null &
sleep 1
kill %1
