/*{ "ISFVSN": "2" }*/
struct Ray { vec3 from, to; };
struct Hit { float far; vec3 normal; int what; };
struct World { Hit hits[2]; Ray ray; } world;
Hit trace(Ray ray, float radius) {
    Hit hit = Hit(-1.0, vec3(0), 0);
    float b = dot(ray.from, ray.to), c = dot(ray.from, ray.from) - radius * radius, h = b * b - c;
    if (h < 0.0) return hit;
    hit.far = -b - sqrt(h);
    hit.normal = normalize(ray.from + ray.to * hit.far);
    hit.what = 1;
    return hit;
}
void main() {
    vec2 uv = isf_FragNormCoord * 2.0 - 1.0;
    world.ray = Ray(vec3(0, 0, -3), normalize(vec3(uv, 2)));
    for (int i = 0; i < 2; i++) world.hits[i] = trace(world.ray, 0.5 + float(i) * 0.5);
    Hit nearest = world.hits[0].far > 0. ? world.hits[0] : world.hits[1];
    gl_FragColor = nearest.what == 1 ? vec4(nearest.normal * .5 + .5, 1) : vec4(0, 0, 0, 1);
}
