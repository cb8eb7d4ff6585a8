//! All rules, a file each. Where two speak about the same step, the earlier one here is heard first.

mod consistent_instruction_casing;
mod copy_ignored_file;
mod duplicate_stage_name;
mod expose_invalid_format;
mod expose_proto_casing;
mod from_as_casing;
mod from_platform_flag_const_disallowed;
mod invalid_base_image_platform;
mod invalid_default_arg_in_from;
mod invalid_definition_description;
mod json_args_recommended;
mod legacy_key_value_format;
mod maintainer_deprecated;
mod multiple_instructions_disallowed;
mod no_empty_continuation;
mod redundant_target_platform;
mod reserved_stage_name;
mod secrets_used_in_arg_or_env;
mod stage_name_casing;
mod undefined_arg_in_from;
mod undefined_var;
mod workdir_relative_path;

use super::Rule;

/// Every build check.
pub static RULES: [&Rule; 22] = [
    &no_empty_continuation::RULE,
    &maintainer_deprecated::RULE,
    &stage_name_casing::RULE,
    &from_as_casing::RULE,
    &invalid_definition_description::RULE,
    &reserved_stage_name::RULE,
    &duplicate_stage_name::RULE,
    &consistent_instruction_casing::RULE,
    &invalid_default_arg_in_from::RULE,
    &undefined_arg_in_from::RULE,
    &redundant_target_platform::RULE,
    &from_platform_flag_const_disallowed::RULE,
    &invalid_base_image_platform::RULE,
    &undefined_var::RULE,
    &legacy_key_value_format::RULE,
    &secrets_used_in_arg_or_env::RULE,
    &workdir_relative_path::RULE,
    &copy_ignored_file::RULE,
    &multiple_instructions_disallowed::RULE,
    &json_args_recommended::RULE,
    &expose_proto_casing::RULE,
    &expose_invalid_format::RULE,
];
