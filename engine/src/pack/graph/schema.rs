//! The messages of an ONNX file: which fields each may have, and of what kind.
//!
//! Numbers, names and kinds are those of the public `onnx-ml.proto` (IR version 13, <https://github.com/onnx/onnx>,
//! Apache-2.0).

/// A message.
pub struct Message {
    /// Its name in the schema.
    pub name: &'static str,
    /// The fields that it may have.
    pub fields: &'static [Field],
}

/// A field of a message.
pub struct Field {
    /// Its number.
    pub number: u32,
    /// Its name in the schema.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may stand more than once.
    pub repeated: bool,
    /// Of all fields so marked a message may have one.
    pub one_of: bool,
}

/// What a field holds.
pub enum Kind {
    /// A whole number of 64 bits.
    Number,
    /// A whole number of 32 bits, or an enum.
    Short,
    /// Four bytes.
    Float,
    /// Eight bytes.
    Double,
    /// Text or bytes.
    Bytes,
    /// A message.
    Message(&'static Message),
}

use Kind::{Bytes, Double, Float, Number, Short};

const fn one(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, repeated: false, one_of: false }
}

const fn many(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, repeated: true, one_of: false }
}

const fn either(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, repeated: false, one_of: true }
}

/// A whole file.
pub static MODEL: Message = Message {
    name: "ModelProto",
    fields: &[
        one(1, "ir_version", Number),
        one(2, "producer_name", Bytes),
        one(3, "producer_version", Bytes),
        one(4, "domain", Bytes),
        one(5, "model_version", Number),
        one(6, "doc_string", Bytes),
        one(7, "graph", Kind::Message(&GRAPH)),
        many(8, "opset_import", Kind::Message(&OPERATOR_SET)),
        many(14, "metadata_props", Kind::Message(&ENTRY)),
        many(20, "training_info", Kind::Message(&TRAINING)),
        many(25, "functions", Kind::Message(&FUNCTION)),
        many(26, "configuration", Kind::Message(&DEVICE_CONFIGURATION)),
    ],
};

static OPERATOR_SET: Message =
    Message { name: "OperatorSetIdProto", fields: &[one(1, "domain", Bytes), one(2, "version", Number)] };

static ENTRY: Message =
    Message { name: "StringStringEntryProto", fields: &[one(1, "key", Bytes), one(2, "value", Bytes)] };

static TRAINING: Message = Message {
    name: "TrainingInfoProto",
    fields: &[
        one(1, "initialization", Kind::Message(&GRAPH)),
        one(2, "algorithm", Kind::Message(&GRAPH)),
        many(3, "initialization_binding", Kind::Message(&ENTRY)),
        many(4, "update_binding", Kind::Message(&ENTRY)),
    ],
};

static DEVICE_CONFIGURATION: Message = Message {
    name: "DeviceConfigurationProto",
    fields: &[one(1, "name", Bytes), one(2, "num_devices", Short), many(3, "device", Bytes)],
};

static FUNCTION: Message = Message {
    name: "FunctionProto",
    fields: &[
        one(1, "name", Bytes),
        many(4, "input", Bytes),
        many(5, "output", Bytes),
        many(6, "attribute", Bytes),
        many(7, "node", Kind::Message(&NODE)),
        one(8, "doc_string", Bytes),
        many(9, "opset_import", Kind::Message(&OPERATOR_SET)),
        one(10, "domain", Bytes),
        many(11, "attribute_proto", Kind::Message(&ATTRIBUTE)),
        many(12, "value_info", Kind::Message(&VALUE_INFO)),
        one(13, "overload", Bytes),
        many(14, "metadata_props", Kind::Message(&ENTRY)),
    ],
};

static GRAPH: Message = Message {
    name: "GraphProto",
    fields: &[
        many(1, "node", Kind::Message(&NODE)),
        one(2, "name", Bytes),
        many(5, "initializer", Kind::Message(&TENSOR)),
        one(10, "doc_string", Bytes),
        many(11, "input", Kind::Message(&VALUE_INFO)),
        many(12, "output", Kind::Message(&VALUE_INFO)),
        many(13, "value_info", Kind::Message(&VALUE_INFO)),
        many(14, "quantization_annotation", Kind::Message(&ANNOTATION)),
        many(15, "sparse_initializer", Kind::Message(&SPARSE_TENSOR)),
        many(16, "metadata_props", Kind::Message(&ENTRY)),
    ],
};

static ANNOTATION: Message = Message {
    name: "TensorAnnotation",
    fields: &[one(1, "tensor_name", Bytes), many(2, "quant_parameter_tensor_names", Kind::Message(&ENTRY))],
};

static NODE: Message = Message {
    name: "NodeProto",
    fields: &[
        many(1, "input", Bytes),
        many(2, "output", Bytes),
        one(3, "name", Bytes),
        one(4, "op_type", Bytes),
        many(5, "attribute", Kind::Message(&ATTRIBUTE)),
        one(6, "doc_string", Bytes),
        one(7, "domain", Bytes),
        one(8, "overload", Bytes),
        many(9, "metadata_props", Kind::Message(&ENTRY)),
        many(10, "device_configurations", Kind::Message(&NODE_DEVICES)),
    ],
};

static NODE_DEVICES: Message = Message {
    name: "NodeDeviceConfigurationProto",
    fields: &[
        one(1, "configuration_id", Bytes),
        many(2, "sharding_spec", Kind::Message(&SHARDING)),
        one(3, "pipeline_stage", Short),
    ],
};

static SHARDING: Message = Message {
    name: "ShardingSpecProto",
    fields: &[
        one(1, "tensor_name", Bytes),
        many(2, "device", Number),
        many(3, "index_to_device_group_map", Kind::Message(&NUMBERS_ENTRY)),
        many(4, "sharded_dim", Kind::Message(&SHARDED_DIM)),
    ],
};

static NUMBERS_ENTRY: Message =
    Message { name: "IntIntListEntryProto", fields: &[one(1, "key", Number), many(2, "value", Number)] };

static SHARDED_DIM: Message = Message {
    name: "ShardedDimProto",
    fields: &[one(1, "axis", Number), many(2, "simple_sharding", Kind::Message(&SIMPLE_SHARDED_DIM))],
};

static SIMPLE_SHARDED_DIM: Message = Message {
    name: "SimpleShardedDimProto",
    fields: &[either(1, "dim_value", Number), either(2, "dim_param", Bytes), one(3, "num_shards", Number)],
};

static ATTRIBUTE: Message = Message {
    name: "AttributeProto",
    fields: &[
        one(1, "name", Bytes),
        one(2, "f", Float),
        one(3, "i", Number),
        one(4, "s", Bytes),
        one(5, "t", Kind::Message(&TENSOR)),
        one(6, "g", Kind::Message(&GRAPH)),
        many(7, "floats", Float),
        many(8, "ints", Number),
        many(9, "strings", Bytes),
        many(10, "tensors", Kind::Message(&TENSOR)),
        many(11, "graphs", Kind::Message(&GRAPH)),
        one(13, "doc_string", Bytes),
        one(14, "tp", Kind::Message(&TYPE)),
        many(15, "type_protos", Kind::Message(&TYPE)),
        one(20, "type", Short),
        one(21, "ref_attr_name", Bytes),
        one(22, "sparse_tensor", Kind::Message(&SPARSE_TENSOR)),
        many(23, "sparse_tensors", Kind::Message(&SPARSE_TENSOR)),
    ],
};

static TENSOR: Message = Message {
    name: "TensorProto",
    fields: &[
        many(1, "dims", Number),
        one(2, "data_type", Short),
        one(3, "segment", Kind::Message(&SEGMENT)),
        many(4, "float_data", Float),
        many(5, "int32_data", Short),
        many(6, "string_data", Bytes),
        many(7, "int64_data", Number),
        one(8, "name", Bytes),
        one(9, "raw_data", Bytes),
        many(10, "double_data", Double),
        many(11, "uint64_data", Number),
        one(12, "doc_string", Bytes),
        many(13, "external_data", Kind::Message(&ENTRY)),
        one(14, "data_location", Short),
        many(16, "metadata_props", Kind::Message(&ENTRY)),
    ],
};

static SEGMENT: Message =
    Message { name: "TensorProto.Segment", fields: &[one(1, "begin", Number), one(2, "end", Number)] };

static SPARSE_TENSOR: Message = Message {
    name: "SparseTensorProto",
    fields: &[
        one(1, "values", Kind::Message(&TENSOR)),
        one(2, "indices", Kind::Message(&TENSOR)),
        many(3, "dims", Number),
    ],
};

static VALUE_INFO: Message = Message {
    name: "ValueInfoProto",
    fields: &[
        one(1, "name", Bytes),
        one(2, "type", Kind::Message(&TYPE)),
        one(3, "doc_string", Bytes),
        many(4, "metadata_props", Kind::Message(&ENTRY)),
    ],
};

static TYPE: Message = Message {
    name: "TypeProto",
    fields: &[
        either(1, "tensor_type", Kind::Message(&TENSOR_TYPE)),
        either(4, "sequence_type", Kind::Message(&SEQUENCE_TYPE)),
        either(5, "map_type", Kind::Message(&MAP_TYPE)),
        one(6, "denotation", Bytes),
        either(7, "opaque_type", Kind::Message(&OPAQUE_TYPE)),
        either(8, "sparse_tensor_type", Kind::Message(&TENSOR_TYPE)),
        either(9, "optional_type", Kind::Message(&SEQUENCE_TYPE)),
    ],
};

static TENSOR_TYPE: Message = Message {
    name: "TypeProto.Tensor",
    fields: &[one(1, "elem_type", Short), one(2, "shape", Kind::Message(&SHAPE))],
};

/// Also that of an optional value: both have one field, of the same number.
static SEQUENCE_TYPE: Message =
    Message { name: "TypeProto.Sequence", fields: &[one(1, "elem_type", Kind::Message(&TYPE))] };

static MAP_TYPE: Message = Message {
    name: "TypeProto.Map",
    fields: &[one(1, "key_type", Short), one(2, "value_type", Kind::Message(&TYPE))],
};

static OPAQUE_TYPE: Message =
    Message { name: "TypeProto.Opaque", fields: &[one(1, "domain", Bytes), one(2, "name", Bytes)] };

static SHAPE: Message =
    Message { name: "TensorShapeProto", fields: &[many(1, "dim", Kind::Message(&DIMENSION))] };

static DIMENSION: Message = Message {
    name: "TensorShapeProto.Dimension",
    fields: &[either(1, "dim_value", Number), either(2, "dim_param", Bytes), one(3, "denotation", Bytes)],
};
