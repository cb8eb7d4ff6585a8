docker run -d --name long alpine sleep infinity
