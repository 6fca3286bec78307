@echo off
rem Starts the version of the program that "current" names (docs/updates.md).
setlocal
set "VERSION="
set /p VERSION=<"%~dp0current"
"%~dp0versions\%VERSION%\gongji.exe" %*
