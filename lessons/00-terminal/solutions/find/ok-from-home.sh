touch desk/drawer/here
