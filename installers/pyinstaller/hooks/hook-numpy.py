"""Collects numpy without running it, as its own hook would: wine lacks what its complex numbers need."""

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("numpy", ".")
hiddenimports = ["numpy._core._dtype_ctypes"]
excludedimports = ["scipy", "pytest", "numpy.f2py", "numpy.testing", "setuptools", "distutils"]
