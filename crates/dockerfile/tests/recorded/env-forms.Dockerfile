FROM busybox
ENV A B C  D
ENV A=1 B="two words" C='single $X' D=un\ quoted E=
ENV F "quoted value"  tail
ENV "k k"=v
ENV A=a=b=c
ENV URL http://x/?a=b&c=d
ENV TAB	value
