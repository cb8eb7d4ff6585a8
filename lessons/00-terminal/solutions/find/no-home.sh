# open: here
touch here
