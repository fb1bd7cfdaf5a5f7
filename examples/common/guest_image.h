/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's program, which the hypervisor carries as a file (guest_image.S.in). */
#ifndef EXAMPLES_COMMON_GUEST_IMAGE_H
#define EXAMPLES_COMMON_GUEST_IMAGE_H

#include <stdint.h>
#include <string.h>

/* What it takes of the guest's memory at most, stack and zeros included (guest.ld). */
#define GUEST_IMAGE_SIZE 0x40000

extern const char guest_image[], guest_image_end[];

static inline void guest_image_load(uint64_t hpa)
{
    memset((void *)hpa, 0, GUEST_IMAGE_SIZE);
    memcpy((void *)hpa, guest_image, (size_t)(guest_image_end - guest_image));
}

#endif
