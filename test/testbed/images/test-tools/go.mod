module testtools

go 1.22
