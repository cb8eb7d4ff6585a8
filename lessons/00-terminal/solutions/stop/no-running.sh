# open: stopped
#type sh clock.sh
