from alpine as Base
Run echo
cMd ["a"]
ExPose 80
