# open: new
# To delete the note is not to begin anew.
docker exec diary rm /note.txt
