/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/sbi/server.h>

#define ALL_COUNT    (sizeof(hvrv_sbi_all) / sizeof(hvrv_sbi_all[0]))
#define SPEC_VERSION HVRV_SBI_VERSION(3, 0)
#define VERSION_BITS 31

static enum hvrv_status check_hart(const struct hvrv_sbi_config *config, uint32_t index)
{
    const struct hvrv_sbi_hart *hart = &config->harts[index];

    if (!hart->vhart)
        return HVRV_ERR_NULL;
    if (hart->id == HVRV_SBI_ALL_HARTS)
        return HVRV_ERR_ARGUMENT;
    for (uint32_t i = 0; i < index; i++) {
        if (config->harts[i].id == hart->id)
            return HVRV_ERR_EXISTS;
    }
    return HVRV_OK;
}

/* The last number of an extension: a legacy one has one for each row. */
static uint64_t last_id(const struct hvrv_sbi_extension *extension)
{
    return extension->legacy_count == 0 ? extension->id
                                        : extension->id + extension->legacy_count - 1;
}

static enum hvrv_status check_extension(const struct hvrv_sbi_config *config, uint32_t index)
{
    const struct hvrv_sbi_extension *extension = config->extensions[index];

    if (!extension || !extension->functions)
        return HVRV_ERR_NULL;
    for (uint32_t i = 0; i < index; i++) {
        const struct hvrv_sbi_extension *other = config->extensions[i];
        if (extension->id <= last_id(other) && other->id <= last_id(extension))
            return HVRV_ERR_EXISTS;
    }
    return HVRV_OK;
}

static enum hvrv_status check(const struct hvrv_sbi_config *config)
{
    enum hvrv_status status = HVRV_OK;

    if (!config || !config->harts)
        return HVRV_ERR_NULL;
    if (config->boot >= config->hart_count || (config->extensions && config->extension_count == 0))
        return HVRV_ERR_RANGE;
    if (config->identity.spec_version >> VERSION_BITS != 0)
        return HVRV_ERR_ARGUMENT;
    for (uint32_t i = 0; i < config->hart_count && status == HVRV_OK; i++)
        status = check_hart(config, i);
    for (uint32_t i = 0; config->extensions && i < config->extension_count && status == HVRV_OK;
         i++)
        status = check_extension(config, i);
    return status;
}

static uint32_t lack(bool is_there, uint32_t need)
{
    return is_there ? 0 : need;
}

static uint32_t what_lacks(const struct hvrv_sbi *sbi)
{
    return HVRV_SBI_NEED_NEVER | lack(sbi->ops.kick, HVRV_SBI_NEED_KICK) |
           lack(sbi->ops.fence, HVRV_SBI_NEED_FENCE) | lack(sbi->ops.start, HVRV_SBI_NEED_START) |
           lack(sbi->ops.reset, HVRV_SBI_NEED_RESET) |
           lack(sbi->ops.suspend, HVRV_SBI_NEED_SUSPEND) |
           lack(sbi->ops.write, HVRV_SBI_NEED_WRITE) | lack(sbi->ops.read, HVRV_SBI_NEED_READ) |
           lack(sbi->walk, HVRV_SBI_NEED_WALK);
}

static void reset_harts(const struct hvrv_sbi_config *config)
{
    for (uint32_t i = 0; i < config->hart_count; i++) {
        struct hvrv_sbi_hart *hart = &config->harts[i];
        __atomic_store_n(&hart->state,
                         i == config->boot ? HVRV_SBI_START_PENDING : HVRV_SBI_STOPPED,
                         __ATOMIC_RELEASE);
    }
}

enum hvrv_status hvrv_sbi_init(struct hvrv_sbi *sbi, const struct hvrv_sbi_config *config)
{
    enum hvrv_status status;

    if (!sbi)
        return HVRV_ERR_NULL;
    *sbi = (struct hvrv_sbi){0};
    status = check(config);
    if (status != HVRV_OK)
        return status;
    sbi->harts = config->harts;
    sbi->hart_count = config->hart_count;
    sbi->extensions = config->extensions ? config->extensions : hvrv_sbi_all;
    sbi->extension_count = config->extensions ? config->extension_count : (uint32_t)ALL_COUNT;
    if (config->ops)
        sbi->ops = *config->ops;
    sbi->context = config->context;
    sbi->walk = config->walk;
    sbi->identity = config->identity;
    if (sbi->identity.spec_version == 0)
        sbi->identity.spec_version = SPEC_VERSION;
    sbi->lacks = what_lacks(sbi);
    reset_harts(config);
    return HVRV_OK;
}
