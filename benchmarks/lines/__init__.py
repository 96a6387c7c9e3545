"""`cloudclinic bench congestion`: a room on weak, broken and changing lines, in network namespaces."""
