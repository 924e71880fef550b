"""The reading pages of the course: chapters that work in a bare browser, with no kernel.

What a kernel would be asked for travels with the page (`facts`, `travel`): numbers with other
digits, what an answer is compared with, hints. The modules of `page` judge an answer by these and
stand in for the kernel, so that the widgets run there as they do in a notebook.
"""
