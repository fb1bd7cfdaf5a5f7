#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# dts.sh VHARTS ISA RAM INITRD_END ARGUMENTS: prints the device tree source of a
# guest of examples/04_linux. RAM is in bytes, INITRD_END an address; both decimal.
set -eu

vharts=$1
isa=$2
ram=$3
initrd_end=$4
arguments=$5

cpus() {
    cpu=0
    while [ $cpu -lt "$vharts" ]; do
        cat <<CPU
        cpu@$cpu {
            device_type = "cpu";
            reg = <$cpu>;
            compatible = "riscv";
            riscv,isa = "$isa";
            mmu-type = "riscv,sv57";
            intc$cpu: interrupt-controller {
                compatible = "riscv,cpu-intc";
                interrupt-controller;
                #interrupt-cells = <1>;
            };
        };
CPU
        cpu=$((cpu + 1))
    done
}

# The PLIC's context n is vHart n's external interrupt in S-mode, number 9.
contexts() {
    cpu=0
    while [ $cpu -lt "$vharts" ]; do
        printf ' <&intc%d 9>' $cpu
        cpu=$((cpu + 1))
        [ $cpu = "$vharts" ] || printf ','
    done
}

cat <<TREE
/dts-v1/;
/ {
    #address-cells = <2>;
    #size-cells = <2>;
    compatible = "riscv-virtio";
    model = "libhvrv,linux";
    chosen {
        stdout-path = "/soc/serial@10000000";
        bootargs = "$arguments";
        rng-seed = <$(od -An -v -N32 -tx4 /dev/urandom | sed 's/  *\([0-9a-f]\)/ 0x\1/g')>;
        linux,initrd-start = <0x0 0x88000000>;
        linux,initrd-end = <0x0 $initrd_end>;
    };
    memory@80000000 {
        device_type = "memory";
        reg = <0x0 0x80000000 0x0 $ram>;
    };
    cpus {
        #address-cells = <1>;
        #size-cells = <0>;
        timebase-frequency = <10000000>;
$(cpus)
    };
    soc {
        #address-cells = <2>;
        #size-cells = <2>;
        compatible = "simple-bus";
        ranges;
        plic: interrupt-controller@c000000 {
            compatible = "sifive,plic-1.0.0", "riscv,plic0";
            reg = <0x0 0xc000000 0x0 0x600000>;
            interrupt-controller;
            #interrupt-cells = <1>;
            #address-cells = <0>;
            riscv,ndev = <31>;
            interrupts-extended =$(contexts);
        };
        serial@10000000 {
            compatible = "ns16550a";
            reg = <0x0 0x10000000 0x0 0x100>;
            clock-frequency = <3686400>;
            interrupt-parent = <&plic>;
            interrupts = <10>;
        };
    };
};
TREE
