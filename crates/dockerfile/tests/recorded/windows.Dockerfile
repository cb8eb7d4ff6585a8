# escape=`
FROM mcr.microsoft.com/windows/nanoserver
SHELL ["powershell", "-command"]
COPY testfile.txt c:\
RUN dir c:\ `
    && echo `"quoted`"
WORKDIR C:\app
ENV P=C:\x\ Q="a `"b`" c"
