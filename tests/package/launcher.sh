#!/bin/sh
# Lets a build that has zoneval in the folder zoneval/ find in ccache what a build of zoneval alone has compiled: the two differ in
# the name of the object in the dependency file, which ccache holds to be part of what was asked for.
target= depfile= next=
for argument; do
    shift
    case "$next" in
        -MT) target=${argument#zoneval/}; argument=$target ;;
        -MF) depfile=$argument ;;
    esac
    next=$argument
    set -- "$@" "$argument"
done
ccache "$@" || exit
[ -z "$depfile" ] || sed -i "1s|^$target:|zoneval/$target:|" "$depfile"
