#version 120
void main() {
    isf_vertShaderInit();
    gl_Position.xy *= by;
    gl_Position.z = 0.25;
}
