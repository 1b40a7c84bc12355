module nc

go 1.22
