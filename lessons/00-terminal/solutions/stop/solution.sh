#type sh clock.sh
#key ^C
