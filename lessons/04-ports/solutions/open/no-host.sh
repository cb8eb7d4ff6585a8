# open: leads
# A server on the machine itself.
#type python3 -m http.server 8080
