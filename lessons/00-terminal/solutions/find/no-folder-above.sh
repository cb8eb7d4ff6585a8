# open: here
cd desk
touch here
