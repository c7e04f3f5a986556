//! Folding: the one spelling that phrases are compared in.
