module etcdbackup

go 1.22
