"""One module a goal of performance: it prints figure, limit measured in the same run, and ratio.

    ./dev bench                        every goal, at 1,000 and 100,000 events
    ./dev bench P2 P3 --rows 1000000   two of them, at a million

A benchmark is no test: nothing fails on time.
"""
