module autoscaler

go 1.22
