"""Benchmarks: what shoplint takes, each beside a named baseline that was measured in the same run.

``python -m benchmarks [--quick] [NAME…]``. Data is made from a seed into ``benchmarks/out`` and used again.
"""
