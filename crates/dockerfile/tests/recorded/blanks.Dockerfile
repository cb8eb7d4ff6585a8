   FROM   alpine   AS   x   
	RUN	echo	a
RUN    
COPY  a		b   c  
EXPOSE 80   443
USER   a b   
WORKDIR   /a b/c   
MAINTAINER   A   B   
STOPSIGNAL  9 
