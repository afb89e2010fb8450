@echo off
rem The Windows package on a Windows machine: the same build.spec and gridapp.nsi as `make package-windows` on Linux.
rem Needs Python 3.11 (64-bit, python.org) and NSIS 3; what is missing is said in Chinese by dev.py.
setlocal
chcp 65001 >nul
cd /d "%~dp0"
where py >nul 2>nul
if errorlevel 1 (python dev.py package-windows %*) else (py -3.11 dev.py package-windows %*)
exit /b %errorlevel%
