//! Golden models that read like their standards: the oracle for every chaincard device
