docker restart diary
