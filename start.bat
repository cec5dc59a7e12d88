@echo off
rem Does what "make run" does: finds Python 3.11+, makes .venv, installs the locked packages, serves the dashboard.
rem This file is ASCII only; what it says in Chinese is in tools\windows as UTF-8, shown with "type".
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul
cd /d "%~dp0"
title SAA Dash
set "PYTHONUTF8=1"
set "PORT=8501"
if not "%~1"=="" set "PORT=%~1"
set "VPY=.venv\Scripts\python.exe"
set "STAMP=.venv\installed.lock"

rem Everything is there: only start.
if not exist "%STAMP%" goto install
"%VPY%" tools\windows\check_installed.py >nul 2>&1
if not errorlevel 1 goto serve

:install

rem The wheelhouse, if there is one, was made for one version of Python.
set "WANT="
if exist wheelhouse\python.txt set /p WANT=<wheelhouse\python.txt
set "PY="
if defined WANT goto find_wanted
for %%V in (3.11 3.12 3.13 3) do call :try py -%%V
call :try python
call :try python3
goto found

:find_wanted
call :try py -%WANT%
call :try python
call :try python3

:found
if not defined PY goto no_python
type tools\windows\installing.txt
%PY% -m venv --clear .venv
if errorlevel 1 goto failed
if exist wheelhouse goto offline
"%VPY%" -m pip install --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
if errorlevel 1 goto failed
goto installed

:offline
"%VPY%" -m pip install --disable-pip-version-check --no-index --find-links wheelhouse --require-hashes --no-deps -r requirements.lock
if errorlevel 1 goto failed

:installed
copy /y requirements.lock "%STAMP%" >nul

:serve
type tools\windows\starting.txt
start "" /b "%VPY%" tools\windows\open_browser.py %PORT%
"%VPY%" -m saa_dash serve --port %PORT%
set "RC=%errorlevel%"
if not "%RC%"=="0" pause
exit /b %RC%

:no_python
type tools\windows\no-python.txt
pause
exit /b 4

:failed
type tools\windows\failed.txt
pause
exit /b 4

:try
if defined PY exit /b 0
%* tools\windows\check_python.py %WANT% >nul 2>&1
if not errorlevel 1 set "PY=%*"
exit /b 0
